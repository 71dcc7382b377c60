/// The script that lists transactions and leads from one thing to another.
enum HTMLScript {
  static let text = #"""
    const page=250;
    function cell(row,text,number){
      const one=row.insertCell();
      if(number)one.className="n";
      one.textContent=text;return one;
    }
    function took(seconds){
      if(seconds===null)return "";
      return seconds<1e-3?Math.round(seconds*1e6)+" µs":seconds<10?+(seconds*1e3).toFixed(1)+" ms":+seconds.toFixed(1)+" s";
    }
    function flash(one){
      one.classList.add("flash");setTimeout(()=>one.classList.remove("flash"),2500);
    }
    function go(id){
      const one=document.getElementById(id);
      if(!one)return;
      for(let box=one.closest("details");box;box=box.parentElement.closest("details"))box.open=true;
      one.scrollIntoView({block:"center"});
      one.focus({preventScroll:true});flash(one);
      history.replaceState(null,"","#"+id);
    }
    class Transactions{
      constructor(section,data,index){
        this.section=section;this.data=data;this.index=index;this.shown=page;
        this.body=section.querySelector(".rows tbody");
        this.find=section.querySelector(".find");this.which=section.querySelector(".which");
        this.more=section.querySelector(".more");
        this.cards=new Map();
        for(const card of section.querySelectorAll(".finding")){
          const owner=this.owner(+card.dataset.place,+card.dataset.port);
          if(!owner)continue;
          if(!this.cards.has(owner[0]))this.cards.set(owner[0],[]);
          this.cards.get(owner[0]).push(card.id);
          const link=document.createElement("a");
          link.href="#i"+index+"-n"+owner[0];link.textContent=(owner[2]<+card.dataset.place?"after ":"")+"transaction #"+owner[0];
          link.addEventListener("click",e=>{e.preventDefault();this.goTo(owner[0]);});
          card.querySelector(".owner").append(link);
        }
        this.text=data.rows.map(r=>("#"+r[0]+" "+r[1]+" "+r[7]+" "+r[9]+" "+r[10]+" "+r[14]).toLowerCase());
        if(!this.body)return;
        let timer;
        this.find.addEventListener("input",()=>{clearTimeout(timer);timer=setTimeout(()=>this.restart(),80);});
        this.which.addEventListener("change",()=>this.restart());
        this.more.addEventListener("click",()=>{this.shown+=page;this.draw();});
        this.draw();
      }
      owner(place,port){
        let best=null;
        for(const r of this.data.rows){
          if(r[1]>place)break;
          if(r[13]===port)best=r;
        }
        if(!best)return null;
        const next=this.data.rows[this.data.rows.indexOf(best)+1];
        return best[2]>=place||!next||next[0]===best[0]+1?best:null;
      }
      restart(){this.shown=page;this.draw();}
      matches(){
        const words=this.find.value.toLowerCase().split(/\s+/).filter(Boolean),which=this.which.value;
        const rows=this.data.rows.filter((r,i)=>(which!=="findings"||r[12]>0)&&(which!=="failed"||r[8]>=2)
          &&(which!=="slow"||r[5]!==null)&&words.every(w=>this.text[i].includes(w)));
        return which==="slow"?rows.sort((a,b)=>b[5]-a[5]||a[0]-b[0]):rows;
      }
      draw(){
        const rows=this.matches();
        this.body.replaceChildren();
        for(const r of rows.slice(0,this.shown))this.body.append(this.row(r));
        this.more.hidden=rows.length<=this.shown;
        this.section.querySelector(".hits").textContent=rows.length===1?"1 transaction":rows.length+" transactions";
      }
      row(r){
        const row=document.createElement("tr");
        row.id="i"+this.index+"-n"+r[0];row.tabIndex=-1;row.className="o"+r[8];
        cell(row,"#"+r[0],true);cell(row,r[1],true);
        cell(row,this.data.unit==="s"&&r[3]!==null?clock(r[3]):"",true);
        cell(row,"").append(this.code(r[7]),r[14]?" "+r[14]:"");
        cell(row,"").append(r[10]?this.code(r[10]):"",r[11]>1?" and "+(r[11]-1)+" more":"");
        cell(row,r[9]||["open","","failed","no answer"][r[8]]);
        cell(row,took(r[5])+(r[6]!==null?(r[5]!==null?", late ":"late ")+took(r[6]):""),true);
        const last=cell(row,"");
        const cards=this.cards.get(r[0])||[];
        cards.forEach((id,i)=>{
          const link=document.createElement("a"),card=document.getElementById(id);
          link.href="#"+id;link.textContent=card.closest(".rule").querySelector("code").textContent;
          link.addEventListener("click",e=>{e.preventDefault();go(id);});
          if(i)last.append(", ");
          last.append(link);
        });
        if(r[12]>cards.length)last.append((cards.length?" and ":"")+(r[12]-cards.length)+(cards.length?" more":" not shown"));
        return row;
      }
      code(text){const one=document.createElement("code");one.textContent=text;return one;}
      goTo(number){
        const at=this.data.rows.findIndex(r=>r[0]===number);
        if(at<0)return;
        this.find.value="";this.which.value="all";
        this.shown=Math.max(page,at+page/2);this.draw();
        go("i"+this.index+"-n"+number);
      }
    }
    function hex(text){
      const bytes=[],named={r:13,n:10,t:9,'"':34,"\\":92};
      for(let i=0;i<text.length;i++){
        if(text[i]==="…"){bytes.push("…");break;}
        if(text[i]!=="\\"){bytes.push(text.charCodeAt(i));continue;}
        i++;
        if(text[i]==="x"){bytes.push(parseInt(text.slice(i+1,i+3),16));i+=2;}else bytes.push(named[text[i]]);
      }
      return bytes.map(b=>typeof b==="number"?b.toString(16).toUpperCase().padStart(2,"0"):b).join(" ");
    }
    for(const table of document.querySelectorAll(".bytes")){
      const button=document.createElement("button");
      button.type="button";button.className="hex";button.textContent="hex";button.setAttribute("aria-pressed","false");
      button.addEventListener("click",()=>{
        const on=button.getAttribute("aria-pressed")!=="true";
        button.setAttribute("aria-pressed",on);
        for(const code of table.querySelectorAll("code")){
          if(code.dataset.text===undefined)code.dataset.text=code.textContent;
          code.textContent=on?hex(code.dataset.text):code.dataset.text;
        }
      });
      table.after(button);
    }
    for(const store of document.querySelectorAll("script.data")){
      const section=store.closest("section"),data=JSON.parse(store.textContent),index=store.dataset.input;
      const list=new Transactions(section,data,index),box=section.querySelector(".timeline");
      if(box)box.timeline=new Timeline(box,data,(row,to)=>{if(to)go(to);else list.goTo(+row);});
      section.transactions=list;
    }
    document.addEventListener("click",e=>{
      const link=e.target.closest('a[href^="#i"]');
      if(link&&!e.defaultPrevented&&document.getElementById(link.hash.slice(1))){e.preventDefault();go(link.hash.slice(1));}
    });
    if(location.hash){
      const row=/^#i(\d+)-n(\d+)$/.exec(location.hash);
      if(row){const s=document.getElementById("i"+row[1]);if(s&&s.transactions)s.transactions.goTo(+row[2]);}
      else go(location.hash.slice(1));
    }

    """#
}

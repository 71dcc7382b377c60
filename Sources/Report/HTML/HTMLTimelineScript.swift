/// The script that draws the timeline. Text from outside goes into text nodes and attributes only.
enum HTMLTimelineScript {
  static let text = #"""
    "use strict";
    const SVG="http://www.w3.org/2000/svg";
    function shape(parent,name,attributes,text){
      const one=document.createElementNS(SVG,name);
      for(const key in attributes)one.setAttribute(key,attributes[key]);
      if(text!==undefined)one.textContent=text;
      parent.appendChild(one);return one;
    }
    function clock(seconds){
      if(Math.abs(seconds)<60)return +seconds.toFixed(6)+" s";
      const whole=Math.floor(seconds),two=n=>String(n).padStart(2,"0"),rest=+(seconds-whole).toFixed(3);
      return Math.floor(whole/3600)+":"+two(Math.floor(whole/60)%60)+":"+two(whole%60)+(rest?String(rest).slice(1):"");
    }
    class Timeline{
      constructor(box,data,open){
        this.box=box;this.data=data;this.open=open;this.gutter=62;this.picture=box.querySelector(".picture");
        const least=data.unit==="s"?1e-3:1;
        this.first=data.from;this.last=Math.max(data.to,data.from+least);
        const margin=(this.last-this.first)*.01;this.first-=margin;this.last+=margin;
        this.from=this.first;this.to=this.last;this.least=data.unit==="s"?1e-4:2;
        box.querySelectorAll("[data-do]").forEach(b=>b.addEventListener("click",()=>this.act(b.dataset.do)));
        const p=this.picture;
        p.addEventListener("keydown",e=>{
          const what={"+":"in","=":"in","-":"out",ArrowLeft:"left",ArrowRight:"right","0":"all",Home:"all"}[e.key];
          if(what&&!e.ctrlKey&&!e.metaKey){e.preventDefault();this.act(what);}
        });
        p.addEventListener("wheel",e=>{
          if(!e.ctrlKey&&document.activeElement!==p)return;
          e.preventDefault();
          if(e.shiftKey||Math.abs(e.deltaX)>Math.abs(e.deltaY))this.move((e.deltaX||e.deltaY)/500);
          else this.zoom(Math.exp(e.deltaY/400),this.at(e.clientX));
        },{passive:false});
        let held=null;
        p.addEventListener("pointerdown",e=>{held={x:e.clientX,from:this.from,to:this.to,moved:false};p.focus({preventScroll:true});});
        p.addEventListener("pointermove",e=>{
          if(!held)return;
          const by=(held.x-e.clientX)/this.width*(held.to-held.from);
          if(Math.abs(held.x-e.clientX)>4&&!held.moved){held.moved=true;p.setPointerCapture(e.pointerId);}
          if(held.moved)this.show(held.from+by,held.to+by);
        });
        const release=()=>{this.dragged=held&&held.moved;held=null;};
        p.addEventListener("pointerup",release);p.addEventListener("pointercancel",release);
        p.addEventListener("click",e=>{
          if(this.dragged){this.dragged=false;e.preventDefault();return;}
          const hit=e.target.closest("[data-row],[data-to]");
          if(!hit)return;
          e.preventDefault();
          this.open(hit.dataset.row,hit.dataset.to);
        });
        new ResizeObserver(()=>requestAnimationFrame(()=>{if(p.clientWidth!==this.whole)this.draw();})).observe(p);
        this.draw();
      }
      act(what){
        if(what==="in")this.zoom(.5);else if(what==="out")this.zoom(2);
        else if(what==="left")this.move(-.25);else if(what==="right")this.move(.25);
        else this.show(this.first,this.last);
      }
      at(x){return this.from+(x-this.picture.getBoundingClientRect().left-this.gutter)/this.width*(this.to-this.from);}
      zoom(by,around){
        const centre=around===undefined?(this.from+this.to)/2:around;
        this.show(centre+(this.from-centre)*by,centre+(this.to-centre)*by);
      }
      move(share){const by=(this.to-this.from)*share;this.show(this.from+by,this.to+by);}
      show(from,to){
        let span=Math.min(Math.max(to-from,this.least),this.last-this.first);
        from=Math.min(Math.max(from,this.first),this.last-span);
        this.from=from;this.to=from+span;this.draw();
      }
      label(value){return this.data.unit==="s"?clock(value):this.data.place+" "+Math.round(value);}
      draw(){
        const whole=this.whole=this.picture.clientWidth,gutter=this.gutter;
        if(!whole)return;
        this.width=whole-gutter;
        const d=this.data,from=this.from,to=this.to,span=to-from,width=whole,x=t=>gutter+(t-from)/span*this.width;
        const svg=document.createElementNS(SVG,"svg");
        svg.setAttribute("width",width);svg.setAttribute("height",190);svg.setAttribute("viewBox","0 0 "+width+" 190");
        const lanes=[["host",16],["modem",60],["data",104],["findings",142]];
        for(const [,y] of lanes)shape(svg,"line",{class:"grid",x1:0,x2:width,y1:y+34,y2:y+34});
        this.axis(svg,x,width);
        this.load(svg,x,width);
        this.spans(svg,x,width);
        this.marks(svg,x,width);
        shape(svg,"rect",{class:"gutter",x:0,y:0,width:gutter,height:190});
        for(const [name,y] of lanes)shape(svg,"text",{x:6,y:y+23},name);
        this.picture.replaceChildren(svg);
        this.box.querySelector(".range").textContent=this.label(Math.max(from,d.from))+" – "+this.label(Math.min(to,d.to));
      }
      axis(svg,x,width){
        const span=this.to-this.from,steps=[1,2,5];let step=Math.pow(10,Math.floor(Math.log10(span/Math.max(2,width/110))));
        if(this.data.unit==="s"&&span>600)step=[60,120,300,600,1800,3600,7200,14400,43200,86400,864000]
          .find(s=>span/s<=width/80)||span;
        else{const want=span/Math.max(2,width/110);step=[1,2,5,10].map(f=>f*step).find(s=>s>=want)||step*10;}
        if(this.data.unit!=="s")step=Math.max(1,step);
        for(let t=Math.ceil(this.from/step)*step,n=0;t<=this.to&&n<60;t+=step,n++){
          shape(svg,"line",{class:"grid",x1:x(t),x2:x(t),y1:4,y2:178,"stroke-dasharray":"2 4"});
          if(x(t)<width-60)shape(svg,"text",{x:x(t)+3,y:188},this.label(+t.toPrecision(12)));
        }
      }
      load(svg,x,width){
        const a=this.data.activity,peak=values=>values.reduce((m,v)=>Math.max(m,v),1);
        for(const [values,style,y] of [[a.host,"h load",16],[a.modem,"m load",60]]){
          const top=Math.sqrt(peak(values));
          let path="";
          values.forEach((value,i)=>{
            const left=x(a.from+i*a.width),right=x(a.from+(i+1)*a.width);
            if(!value||right<this.gutter||left>width)return;
            const h=Math.max(2,32*Math.sqrt(value)/top);
            path+="M"+left.toFixed(1)+" "+(y+33)+"v"+(-h).toFixed(1)+"h"+Math.max(1,right-left-.3).toFixed(1)+"v"+h.toFixed(1)+"z";
          });
          if(path)shape(svg,"path",{class:style,d:path});
        }
      }
      spans(svg,x,width){
        const d=this.data,scale=this.width/(this.to-this.from),seconds=d.unit==="s";
        let lastHost=-9,lastModem=-9;
        for(const r of d.rows){
          if(r[3]===null)continue;
          const left=x(r[3]),wait=seconds?(r[5]??0):Math.max(1,r[2]-r[1]),end=left+wait*scale;
          if(end<this.gutter-4||left>width+4)continue;
          const bad=r[8]>=2,text=r[7]+" "+(r[9]||(r[8]===3?"no answer":""));
          if(left-lastHost>=2||bad){
            const one=shape(svg,"rect",{class:"h",x:left.toFixed(1),y:22,width:3,height:27,"data-row":r[0]});
            shape(one,"title",{},"#"+r[0]+" "+text);lastHost=left;
          }
          if(end-lastModem>=2||bad){
            const one=shape(svg,"rect",{class:bad?"f":"m",x:left.toFixed(1),y:66,width:Math.max(3,end-left).toFixed(1),height:27,"data-row":r[0]});
            shape(one,"title",{},"#"+r[0]+" "+text+(r[5]!==null?" after "+clock(r[5]):""));
            lastModem=end;
            if(end-left>90)shape(svg,"text",{class:"in",x:Math.max(left,this.gutter)+6,y:84,"pointer-events":"none"},
              r[7].replace(/\\r$/,"").slice(0,Math.floor((end-Math.max(left,this.gutter)-10)/8)));
          }
        }
        for(const t of d.transfers){
          const left=x(t[0]),right=x(t[1]);
          if(right<this.gutter-4||left>width+4)continue;
          const one=shape(svg,"rect",{class:t[3]?"d":"d f",x:left.toFixed(1),y:109,width:Math.max(4,right-left).toFixed(1),height:26,"data-to":t[4]});
          shape(one,"title",{},t[2]+(t[3]?"":", not finished"));
          if(right-left>60)shape(svg,"text",{class:"in",x:Math.max(left,this.gutter)+6,y:126,"pointer-events":"none"},t[2]);
        }
      }
      marks(svg,x,width){
        const seen=[];
        for(const m of this.data.marks){
          const at=x(m[0]);
          if(at<this.gutter-4||at>width+6)continue;
          const near=seen.find(s=>Math.abs(s.at-at)<13);
          if(near){near.count++;if(m[1]>near.mark[1])near.mark=m;}else if(seen.length<400)seen.push({at,mark:m,count:1});
        }
        for(const {at,mark,count} of seen){
          const link=shape(svg,"a",{href:"#"+mark[4],"data-to":mark[4]}),s=mark[1],y=159;
          const word=["note","warning","error"][s]+" "+this.data.rules[mark[2]]+", "+this.data.place+" "+mark[3];
          link.setAttribute("aria-label",word+(count>1?" and "+(count-1)+" more":""));
          if(s===2)shape(link,"path",{class:"s2",d:`M${at} ${y-9}l9 16h-18z`});
          else if(s===1)shape(link,"path",{class:"s1",d:`M${at} ${y-9}l8 8l-8 8l-8 -8z`});
          else shape(link,"circle",{class:"s0",cx:at,cy:y,r:6});
          shape(link,"title",{},link.getAttribute("aria-label"));
          if(count>1)shape(svg,"text",{x:at+9,y:y+5},count);
        }
      }
    }

    """#
}
